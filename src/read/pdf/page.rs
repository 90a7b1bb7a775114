//! One page as drawn: glyphs with boxes and ruling lines, in points from the top left corner. Data only.

/// A box on a page.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Right edge.
    pub right: f32,
    /// Lower edge.
    pub bottom: f32,
}

impl Area {
    /// The smallest box around both.
    pub fn join(self, other: Area) -> Area {
        Area {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What both have in common; a box of negative size where that is nothing.
    pub fn meet(self, other: Area) -> Area {
        Area {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// True when the boxes touch or overlap.
    pub fn touches(self, other: Area) -> bool {
        let common = self.meet(other);
        common.left <= common.right && common.top <= common.bottom
    }

    /// Where it stands when the page that holds it is turned over.
    pub fn turned_over(self, whole: Area) -> Area {
        Area {
            left: whole.right - self.right,
            top: whole.bottom - self.bottom,
            right: whole.right - self.left,
            bottom: whole.bottom - self.top,
        }
    }

    /// From left to right.
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    /// From top to bottom.
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// Its middle: from the left, from the top.
    pub fn centre(self) -> (f32, f32) {
        (self.left.midpoint(self.right), self.top.midpoint(self.bottom))
    }

    /// True when a point lies inside.
    pub fn holds(self, (across, down): (f32, f32)) -> bool {
        (self.left..=self.right).contains(&across) && (self.top..=self.bottom).contains(&down)
    }

    /// As in [`crate::place::Place::Page`].
    pub fn bounds(self) -> [f32; 4] {
        let round = |value: f32| (value * 10.0).round() / 10.0;
        [round(self.left), round(self.top), round(self.right), round(self.bottom)]
    }
}

/// Which way a line of text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// From left to right.
    Level,
    /// Down the page, the heads of the letters to the right.
    Down,
    /// Upside down.
    Over,
    /// Up the page, the heads of the letters to the left.
    Up,
    /// Aslant, as watermarks do.
    Aslant,
}

/// A character where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// What it says.
    pub character: char,
    /// Its box: as wide as its advance, as high as its font.
    pub area: Area,
    /// Where it stands on its line, from the top.
    pub baseline: f32,
    /// Size of its font in points.
    pub size: f32,
    /// Which way its line runs.
    pub turn: Turn,
    /// Which word it was drawn in: characters one right behind the other, in the order of drawing.
    pub run: u32,
}

/// A ruling line that runs straight across or straight down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Where it stands: from the top for one that runs across, from the left for one that runs down.
    pub at: f32,
    /// Where it begins.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// From 1.
    pub number: u32,
    /// The page box as looked at.
    pub area: Area,
    /// Characters in the order they were drawn.
    pub glyphs: Vec<Glyph>,
    /// Lines that run across.
    pub across: Vec<Rule>,
    /// Lines that run down.
    pub down: Vec<Rule>,
    /// Characters whose meaning the file does not tell.
    pub n_unknown: usize,
    /// The largest share of the page that one picture covers.
    pub pictured: f32,
    /// How the whole page was turned so that its text runs level.
    pub turn: Turn,
}

impl Page {
    /// Turn a page whose text mostly runs up or down, so that everything after sees level lines.
    pub fn level(mut self) -> Page {
        let count = |turn: Turn| self.glyphs.iter().filter(|glyph| glyph.turn == turn).count();
        let half = self.glyphs.len() / 2;
        let turn = [Turn::Down, Turn::Up, Turn::Over].into_iter().find(|&turn| count(turn) > half);
        let Some(turn) = turn else { return self };
        if turn == Turn::Over {
            return self.upright();
        }
        let whole = self.area;
        for glyph in &mut self.glyphs {
            glyph.baseline = match turn {
                Turn::Down => glyph.area.left + glyph.area.width() * 0.12,
                _ => glyph.area.right - glyph.area.width() * 0.12,
            };
            glyph.baseline = if turn == Turn::Down { whole.right - glyph.baseline } else { glyph.baseline };
            glyph.area = turned(glyph.area, turn, whole);
            glyph.turn = match glyph.turn {
                own if own == turn => Turn::Level,
                Turn::Aslant => Turn::Aslant,
                _ => Turn::Down,
            };
        }
        let flip = |rules: Vec<Rule>, extent: f32, both: bool| {
            let mirror = |rule: Rule| if both { Rule { at: extent - rule.at, ..rule } } else { rule };
            rules.into_iter().map(mirror).collect::<Vec<Rule>>()
        };
        let along = |rules: Vec<Rule>, extent: f32| {
            rules.into_iter().map(|rule| Rule { from: extent - rule.to, to: extent - rule.from, ..rule }).collect::<Vec<Rule>>()
        };
        let (across, down) = (std::mem::take(&mut self.across), std::mem::take(&mut self.down));
        if turn == Turn::Down {
            self.across = flip(down, whole.right, true);
            self.down = along(across, whole.right);
        } else {
            self.across = along(down, whole.bottom);
            self.down = flip(across, whole.bottom, true);
        }
        self.area = Area { left: 0.0, top: 0.0, right: whole.bottom, bottom: whole.right };
        self.turn = turn;
        self
    }

    /// Turn a page that stands on its head.
    fn upright(mut self) -> Page {
        let whole = self.area;
        let over = |area: Area| area.turned_over(whole);
        for glyph in &mut self.glyphs {
            (glyph.area, glyph.baseline) = (over(glyph.area), whole.bottom - glyph.baseline);
            glyph.turn = match glyph.turn {
                Turn::Over => Turn::Level,
                Turn::Level => Turn::Over,
                Turn::Down => Turn::Up,
                Turn::Up => Turn::Down,
                Turn::Aslant => Turn::Aslant,
            };
        }
        let flip = |rule: &Rule, breadth: f32, length: f32| Rule { at: breadth - rule.at, from: length - rule.to, to: length - rule.from };
        self.across = self.across.iter().map(|rule| flip(rule, whole.bottom, whole.right)).collect();
        self.down = self.down.iter().map(|rule| flip(rule, whole.right, whole.bottom)).collect();
        self.turn = Turn::Over;
        self
    }

    /// A box of the levelled page as it stands on the page that a person looks at.
    pub fn as_looked_at(&self, area: Area) -> Area {
        let (width, height) = (self.area.bottom, self.area.right);
        match self.turn {
            Turn::Down => Area { left: width - area.bottom, top: area.left, right: width - area.top, bottom: area.right },
            Turn::Up => Area { left: area.top, top: height - area.right, right: area.bottom, bottom: height - area.left },
            Turn::Over => area.turned_over(self.area),
            Turn::Level | Turn::Aslant => area,
        }
    }
}

fn turned(area: Area, turn: Turn, whole: Area) -> Area {
    match turn {
        Turn::Down => Area { left: area.top, top: whole.right - area.right, right: area.bottom, bottom: whole.right - area.left },
        _ => Area { left: whole.bottom - area.bottom, top: area.left, right: whole.bottom - area.top, bottom: area.right },
    }
}
