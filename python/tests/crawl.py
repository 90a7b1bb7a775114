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


def http(body, *headers, status="200 OK"):
    """An answer of a web server."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]).encode() + b"\r\n\r\n" + body


def chunked(body, size=1000):
    """A body as it is sent when its length is not known beforehand."""
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def page(text, charset="utf-8"):
    """A report's text as a web page; `charset` is what it says of itself."""
    rows = (line.split("\t") for line in text.splitlines())
    inner = "".join(
        f"<p>{row[0]}</p>" if len(row) == 1 else "<table><tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr></table>" for row in rows
    )
    inner = inner.replace("</tr></table><table><tr>", "</tr><tr>")
    return f'<html><head><meta charset="{charset}"><title>x</title></head><body>{inner}</body></html>'


HTML = "Content-Type: text/html; charset=utf-8"


def mess(text):
    """Records by name, each with the status that its page must have; none where it is no page at all."""
    html = page(text)
    utf8 = html.encode()
    return [
        ("warcinfo", record("warcinfo", "x", b"software: x", "application/warc-fields"), None),
        ("request", record("request", "http://a.gov.cn/plain", b"GET / HTTP/1.1\r\n\r\n"), None),
        ("plain", record("response", "http://a.gov.cn/plain", http(utf8, HTML)), "ok"),
        ("moved", record("response", "http://a.gov.cn/moved", http(b"", "Location: /plain", status="301 Moved Permanently")), "no-text"),
        ("moved-page", record("response", "http://a.gov.cn/moved-page", http(MOVED, HTML, "Location: /plain", status="302 Found")), None),
        ("twice", record("response", "http://a.gov.cn/twice", http(utf8, HTML)), "ok"),
        ("revisit", record("revisit", "http://a.gov.cn/plain", http(b"", HTML)), None),
        ("chunked", record("response", "http://a.gov.cn/chunked", http(chunked(utf8), HTML, "Transfer-Encoding: chunked")), "ok"),
        ("unchunked", record("response", "http://a.gov.cn/unchunked", http(utf8, HTML, "Transfer-Encoding: chunked")), "ok"),
        ("gzip", record("response", "http://a.gov.cn/gzip", http(gzip.compress(utf8, mtime=0), HTML, "Content-Encoding: gzip")), "ok"),
        (
            "gzip-chunked",
            record(
                "response",
                "http://a.gov.cn/gzip-chunked",
                http(chunked(gzip.compress(utf8, mtime=0)), HTML, "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
            ),
            "ok",
        ),
        ("gbk", record("response", "http://a.gov.cn/gbk", http(page(text, "gb2312").encode("gb18030"), "Content-Type: text/html")), "ok"),
        ("lying", record("response", "http://a.gov.cn/lying", http(html.encode("gb18030"), HTML)), "ok"),
        ("list", record("response", "http://a.gov.cn/list", http(LIST.encode(), HTML)), "not-a-report"),
        ("picture", record("resource", "http://a.gov.cn/seal.png", b"\x89PNG\r\n\x1a\n" + bytes(60), "image/png"), "unsupported"),
        ("long", record("response", "http://a.gov.cn/long", http(b" " * (1 << 20), HTML)), "too-large"),
        ("half", record("response", "http://a.gov.cn/half", http(utf8[: len(utf8) // 2], HTML), extra=["WARC-Truncated: length"]), "ok"),
    ]


MOVED = b"<html><head><title>302 Found</title></head><body><h1>302 Found</h1><hr>nginx</body></html>"
LIST = "<html><body><ul>" + "".join(f'<li><a href="/{n}.html">第{n}号通知</a> 2023-01-{n:02}</li>' for n in range(1, 29)) + "</ul></body></html>"


def packed(records):
    """A `*.warc.gz`: every record a member of its own."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)
