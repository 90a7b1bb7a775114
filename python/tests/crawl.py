"""Crawls (WARC) as crawlers write them, made for tests: one gzip member a record, all that goes wrong on the way."""

import gzip


def record(kind, uri, content, content_type="application/http; msgtype=response", extra=()):
    """One record, unpacked."""
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {uri}",
        "WARC-Date: 2024-01-01T00:00:00Z",
        f"Content-Type: {content_type}",
        *extra,
        f"Content-Length: {len(content)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content + b"\r\n\r\n"


def http(body, *headers, status="200 OK", length=None):
    """An answer of a web server, with the length that it tells."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body) if length is None else length}"]).encode() + b"\r\n\r\n" + body


def chunked(body, size=1000):
    """A body as it is sent when its length is not known beforehand."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def page(text, charset="utf-8"):
    """A report's text as a web page; `charset` is what it says of itself, if anything."""
    rows = (line.split("\t") for line in text.splitlines())
    inner = "".join(
        f"<p>{row[0]}</p>" if len(row) == 1 else "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr></table>" for row in rows
    )
    inner = inner.replace("</tr></table><table><tr>", "</tr><tr>")
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>x</title></head><body>{inner}</body></html>"


HTML = "Content-Type: text/html; charset=utf-8"


def answer(name, body, *headers, extra=(), **kept):
    """A record of a page called `name`."""
    return record("response", f"http://a.gov.cn/{name}", http(body, *headers, **kept), extra=extra)


def mess(text):
    """Records by name, each with the status that its page must have; none where it is no page at all."""
    html = page(text)
    utf8 = html.encode()
    gzipped = gzip.compress(utf8, mtime=0)
    bare = page(text, None)
    return [
        ("warcinfo", record("warcinfo", "x", b"software: x", "application/warc-fields"), None),
        ("request", record("request", "http://a.gov.cn/plain", b"GET / HTTP/1.1\r\n\r\n"), None),
        ("plain", answer("plain", utf8, HTML), "ok"),
        ("metadata", record("metadata", "http://a.gov.cn/plain", b"fetchTimeMs: 12", "application/warc-fields"), None),
        # Redirects, and pages that are not there.
        ("moved", answer("moved", b"", "Location: /plain", status="301 Moved Permanently"), "not-a-report"),
        ("moved-page", answer("moved-page", MOVED, HTML, "Location: /plain", status="302 Found"), "not-a-report"),
        ("missing", answer("missing", utf8, HTML, status="404 Not Found"), "not-a-report"),
        # Duplicates: fetched twice, and noted by the crawler as seen.
        ("twice", answer("twice", utf8, HTML), "ok"),
        ("revisit", record("revisit", "http://a.gov.cn/revisit", http(b"", HTML), extra=["WARC-Refers-To-Target-URI: http://a.gov.cn/plain"]), "no-text"),
        # Bodies as they were sent, or undone with the header kept.
        ("chunked", answer("chunked", chunked(utf8), HTML, "Transfer-Encoding: chunked"), "ok"),
        ("unchunked", answer("unchunked", utf8, HTML, "Transfer-Encoding: chunked"), "ok"),
        ("gzip", answer("gzip", gzipped, HTML, "Content-Encoding: gzip"), "ok"),
        ("gunzipped", answer("gunzipped", utf8, HTML, "Content-Encoding: gzip"), "ok"),
        ("gzip-chunked", answer("gzip-chunked", chunked(gzipped), HTML, "Content-Encoding: gzip", "Transfer-Encoding: chunked"), "ok"),
        ("brotli", answer("brotli", b"\x0b\x02\x80\xff\xfe", HTML, "Content-Encoding: br"), "unsupported"),
        # Charsets: the page's own, the header's alone, one that is not true.
        ("gbk", answer("gbk", page(text, "gb2312").encode("gb18030"), "Content-Type: text/html"), "ok"),
        ("header", answer("header", bare.encode("gb18030"), "Content-Type: text/html; charset=GBK"), "ok"),
        ("silent", answer("silent", bare.encode("gb18030"), "Content-Type: text/html"), "ok"),
        ("lying", answer("lying", html.encode("gb18030"), HTML), "ok"),
        # Cut: by the crawler, on the way, within a chunk, within a packed body.
        ("half", answer("half", utf8[: len(utf8) // 2], HTML, extra=["WARC-Truncated: length"]), "damaged"),
        ("short", answer("short", utf8[:3000], HTML, length=len(utf8)), "damaged"),
        ("half-chunk", answer("half-chunk", chunked(utf8)[:5000], HTML, "Transfer-Encoding: chunked"), "damaged"),
        ("half-gzip", answer("half-gzip", gzipped[:-100], HTML, "Content-Encoding: gzip"), "damaged"),
        ("long", answer("long", b" " * (1 << 20), HTML), "too-large"),
        # No reports.
        ("list", answer("list", LIST.encode(), HTML), "not-a-report"),
        ("seal.png", record("resource", "http://a.gov.cn/seal.png", b"\x89PNG\r\n\x1a\n" + bytes(60), "image/png"), "unsupported"),
    ]


#: Names of the pages whose values are those of `plain`.
SAME = ["twice", "chunked", "unchunked", "gzip", "gunzipped", "gzip-chunked", "gbk", "header", "silent", "lying"]

MOVED = b"<html><head><title>302 Found</title></head><body><h1>302 Found</h1><hr>nginx</body></html>"
LIST = "<html><body><ul>" + "".join(f'<li><a href="/{n}.html">关于印发第{n}号实施办法和有关工作安排的通知</a> 2023-01-{n:02}</li>' for n in range(1, 29)) + "</ul></body></html>"


def packed(records):
    """A `*.warc.gz`: every record a member of its own."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)
