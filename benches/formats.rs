//! Web pages, Word documents, workbooks and PDFs: reading, and the whole way to a report, against the bare parse of the
//! same bytes in the same run: `html5ever` with a sink that keeps nothing but names, inflating and scanning the XML of
//! the main part, `hayro` with a device that keeps nothing but the characters of each page.
//!
//! `cargo bench --bench formats` prints the fastest of many runs; pages beside the repository are timed too where they are there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::kurbo::{BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache, InterpreterSettings, SoftMask,
    TransformExt, interpret_page,
};
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_document};
use luoshu::grammar::{BUILT_IN, Family, load};
use luoshu::read::read;
use std::borrow::Cow;
use std::cell::Cell;
use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Takes what the parser says and keeps names only.
#[derive(Default)]
struct Names {
    n_nodes: Cell<usize>,
}

#[derive(Clone)]
struct Node {
    id: usize,
    name: Rc<QualName>,
}

impl Names {
    fn node(&self, name: QualName) -> Node {
        self.n_nodes.set(self.n_nodes.get() + 1);
        Node { id: self.n_nodes.get(), name: Rc::new(name) }
    }

    fn nameless() -> QualName {
        QualName::new(None, ns!(), local_name!(""))
    }
}

impl TreeSink for Names {
    type Handle = Node;
    type Output = usize;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> usize {
        self.n_nodes.get()
    }
    fn parse_error(&self, _: Cow<'static, str>) {}
    fn get_document(&self) -> Node {
        Node { id: 0, name: Rc::new(Names::nameless()) }
    }
    fn elem_name<'a>(&'a self, target: &'a Node) -> ExpandedName<'a> {
        target.name.expanded()
    }
    fn create_element(&self, name: QualName, _: Vec<Attribute>, _: ElementFlags) -> Node {
        self.node(name)
    }
    fn create_comment(&self, _: StrTendril) -> Node {
        self.node(Names::nameless())
    }
    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Node {
        self.node(Names::nameless())
    }
    fn append(&self, _: &Node, _: NodeOrText<Node>) {}
    fn append_based_on_parent_node(&self, _: &Node, _: &Node, _: NodeOrText<Node>) {}
    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}
    fn get_template_contents(&self, target: &Node) -> Node {
        target.clone()
    }
    fn same_node(&self, one: &Node, other: &Node) -> bool {
        one.id == other.id
    }
    fn set_quirks_mode(&self, _: QuirksMode) {}
    fn append_before_sibling(&self, _: &Node, _: NodeOrText<Node>) {}
    fn add_attrs_if_missing(&self, _: &Node, _: Vec<Attribute>) {}
    fn remove_from_parent(&self, _: &Node) {}
    fn reparent_children(&self, _: &Node, _: &Node) {}
}

/// As in the program.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn parse_bare(bytes: &[u8]) -> usize {
    let text = luoshu::decode::decode(bytes, None).value.text;
    parse_document(Names::default(), ParseOpts::default()).one(StrTendril::from(text))
}

/// The main part, inflated and gone through.
fn scan_bare(bytes: &[u8], part: &str) -> usize {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut n_events = 0;
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {
        n_events += 1;
    }
    n_events
}

/// Takes what is drawn and keeps characters only.
#[derive(Default)]
struct Characters(String);

impl<'a> Device<'a> for Characters {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            match glyph.as_unicode() {
                Some(BfString::Char(character)) => self.0.push(character),
                Some(BfString::String(text)) => self.0.push_str(&text),
                None => self.0.push(char::REPLACEMENT_CHARACTER),
            }
        }
    }
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn draw_bare(bytes: &[u8]) -> usize {
    let pdf = Pdf::new(Arc::new(bytes.to_vec())).unwrap();
    let cache = InterpreterCache::new();
    let mut found = Characters::default();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(transform, bounds, &cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, &mut found);
    }
    found.0.chars().count()
}

/// The fastest runs of several jobs that are run in turn, so that a busy moment meets all of them.
fn fastest(jobs: &[&dyn Fn()]) -> Vec<Duration> {
    let mut times = vec![Duration::MAX; jobs.len()];
    let (begin, mut n_runs) = (Instant::now(), 0);
    while n_runs < 30 || begin.elapsed() < Duration::from_secs(1) {
        for (job, best) in jobs.iter().zip(&mut times) {
            let start = Instant::now();
            job();
            *best = start.elapsed().min(*best);
        }
        n_runs += 1;
    }
    times
}

fn time(name: &str, bytes: &[u8], families: &[Family], bare: &dyn Fn(&[u8])) {
    let jobs: [&dyn Fn(); 3] =
        [&|| bare(black_box(bytes)), &|| drop(black_box(read(bytes))), &|| drop(black_box(luoshu::report::parse(bytes, families)))];
    let found = fastest(&jobs);
    let ratio = |index: usize| found[index].as_secs_f64() / found[0].as_secs_f64();
    println!(
        "{name:56} {:>8} bytes  bare {:>8.1?}  read {:>8.1?} ({:.2} x)  whole {:>8.1?} ({:.2} x)",
        bytes.len(),
        found[0],
        found[1],
        ratio(1),
        found[2],
        ratio(2)
    );
}

/// A page of about 100 KB as a site prints it: menus and scripts around the report.
fn typical_page(report: &str) -> String {
    let menu = |index: usize| {
        format!("<li class=\"nav-item\"><a href=\"/channel/{index}/index.html\" target=\"_blank\">栏目第{index}号</a></li>\n")
    };
    let menus: String = (0..500).map(menu).collect();
    let script = "function go(n){var a=document.getElementById('x'+n);if(a&&a.className<1){a.className='on';}}\n".repeat(200);
    report
        .replace("<body>", &format!("<body><script>{script}</script><ul>{menus}</ul>"))
        .replace("</body>", &format!("<div class=\"foot\">{menus}</div></body>").replace("channel", "foot"))
}

fn main() {
    let families: Vec<Family> = BUILT_IN.iter().map(|(_, text)| load::load(text).unwrap()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lesson = |name: &str| std::fs::read(root.join("corpus/cn-foi-annual").join(name)).unwrap();
    let page = |bytes: &[u8]| {
        black_box(parse_bare(bytes));
    };
    let spans = lesson("html-spans/report.html");
    time("a page of a site", typical_page(&String::from_utf8(spans.clone()).unwrap()).as_bytes(), &families, &page);
    time("html-spans", &spans, &families, &page);
    time("html-word-soup", &lesson("html-word-soup/report.html"), &families, &page);
    let document = |bytes: &[u8]| {
        black_box(scan_bare(bytes, "word/document.xml"));
    };
    time("docx-bold-headings", &lesson("docx-bold-headings/report.docx"), &families, &document);
    let sheet = |bytes: &[u8]| {
        black_box(scan_bare(bytes, "xl/worksheets/sheet1.xml"));
    };
    time("xlsx-one-sheet", &lesson("xlsx-one-sheet/report.xlsx"), &families, &sheet);
    let drawing = |bytes: &[u8]| {
        black_box(draw_bare(bytes));
    };
    time("pdf-ruled-two-pages", &lesson("pdf-ruled-two-pages/report.pdf"), &families, &drawing);
    let shared = root.join("../shared/reports");
    for (name, bare) in [
        ("foi-annual/shanghai-office-2019.html", &page as &dyn Fn(&[u8])),
        ("budget/changsha_2025_budget_report.html", &page),
        ("statistical-bulletin/yueyang_2025_statistical_bulletin.html", &page),
        ("statistical-bulletin/xinxiang_2025_statistical_bulletin_2nd.html", &page),
        ("statistical-bulletin/hotan_2025_statistical_bulletin.docx", &document),
        ("budget/xinjiang_2019.xlsx", &sheet),
        ("foi-annual/hongze-2023.pdf", &drawing),
        ("statistical-bulletin/xiangxi_2025_statistical_bulletin.pdf", &drawing),
    ] {
        match std::fs::read(shared.join(name)) {
            Ok(bytes) => time(name, &bytes, &families, bare),
            Err(_) => println!("{name}: not here, skipped"),
        }
    }
}
