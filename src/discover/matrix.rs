//! The numbers of a table as integers of one scale, in rows and columns; blanks stay blanks.

use super::figure::Figure;

/// A number of the table in units of the table's finest printed place, and the place of its own last digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    /// The number.
    pub value: i128,
    /// What its last printed digit is worth.
    pub step: i128,
}

/// More than some hundred additions of floating points err by, for a number of one.
const LARGEST_ERROR: f64 = 1e-13;

/// Numbers in rows and columns.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    n_rows: usize,
    n_columns: usize,
    cells: Vec<Option<Exact>>,
    row_grains: Vec<i128>,
    column_grains: Vec<i128>,
    by_row: Rough,
    by_column: Rough,
    is_positive: bool,
    /// Decimals of the scale.
    pub decimals: u8,
}

/// The numbers along one axis as floating points, for leaving early what cannot come out.
#[derive(Debug, Clone, Default)]
pub struct Rough {
    /// Line by line; not a number where nothing is printed.
    values: Vec<f64>,
    n_positions: usize,
    steps: Vec<f64>,
    /// How far a sum of some hundred of them may be from the exact one.
    pub error: f64,
}

impl Rough {
    /// About the number that a line has at a position; not a number where nothing is printed.
    pub fn get(&self, line: usize, at: usize) -> f64 {
        self.values.get(line * self.n_positions + at).copied().unwrap_or(f64::NAN)
    }

    /// The coarsest step of any number at a position.
    pub fn step(&self, at: usize) -> f64 {
        self.steps.get(at).copied().unwrap_or(1.0)
    }
}

/// Which way a line of the table runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Lines are rows; their cells stand in columns.
    Rows,
    /// Lines are columns; their cells stand in rows.
    Columns,
}

impl Matrix {
    /// Numbers of rows of equal or unequal length.
    pub fn new(rows: &[Vec<Option<Figure>>]) -> Matrix {
        let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let decimals = rows.iter().flatten().flatten().map(|figure| figure.decimals).max().unwrap_or(0);
        let base = find_base(rows);
        let exact = |figure: Figure| {
            let unit = 10_i128.checked_pow(u32::from(decimals - figure.decimals))?;
            // Rounded up or down by chance, a number may be off by nearly twice as much as one that is rounded to the nearest.
            let step = if base > 1 { unit.checked_mul(2 * base)? } else { unit };
            Some(Exact { value: figure.digits.checked_mul(unit)?, step })
        };
        let cells = rows.iter().flat_map(|row| (0..n_columns).map(|column| row.get(column).copied().flatten().and_then(exact))).collect();
        let is_positive = rows.iter().flatten().flatten().all(|figure| figure.digits >= 0);
        let mut matrix = Matrix { is_positive, n_rows: rows.len(), n_columns, cells, decimals, ..Matrix::default() };
        matrix.row_grains = matrix.lines(Axis::Rows).grains();
        matrix.column_grains = matrix.lines(Axis::Columns).grains();
        matrix.with_rough()
    }

    fn with_rough(mut self) -> Matrix {
        self.by_row = self.lines(Axis::Rows).to_rough();
        self.by_column = self.lines(Axis::Columns).to_rough();
        self
    }

    /// Each number of these columns with the next one of its row added, where that is one of them, too: what stays as it
    /// is where the two have changed places.
    pub fn paired(&self, columns: &[usize]) -> Matrix {
        let join = |row: usize, column: usize| match (self.get(row, column), self.get(row, column + 1)) {
            (Some(one), Some(other)) => Some(Exact { value: one.value.checked_add(other.value)?, step: one.step.max(other.step) }),
            (one, other) => one.or(other),
        };
        let is_pair = |column: usize| columns.contains(&column) && columns.contains(&(column + 1));
        let cells = (0..self.n_rows).flat_map(|row| (0..self.n_columns).map(move |column| (row, column)));
        let cells = cells.map(|(row, column)| is_pair(column).then(|| join(row, column)).flatten()).collect();
        Matrix { cells, ..self.clone() }.with_rough()
    }

    /// The number in a cell.
    pub fn get(&self, row: usize, column: usize) -> Option<Exact> {
        if column >= self.n_columns { None } else { self.cells.get(row * self.n_columns + column).copied().flatten() }
    }

    /// Rows and columns.
    pub fn size(&self) -> (usize, usize) {
        (self.n_rows, self.n_columns)
    }

    /// Its lines along an axis.
    pub fn lines(&self, axis: Axis) -> Lines<'_> {
        Lines { matrix: self, axis }
    }
}

/// A matrix seen as lines of one axis.
#[derive(Debug, Clone, Copy)]
pub struct Lines<'a> {
    matrix: &'a Matrix,
    /// Which way the lines run.
    pub axis: Axis,
}

impl<'a> Lines<'a> {
    /// The number that a line has at a position.
    pub fn get(&self, line: usize, at: usize) -> Option<Exact> {
        match self.axis {
            Axis::Rows => self.matrix.get(line, at),
            Axis::Columns => self.matrix.get(at, line),
        }
    }

    fn to_rough(self) -> Rough {
        let cells = (0..self.n_lines()).flat_map(|line| (0..self.n_positions()).map(move |at| self.get(line, at)));
        let values: Vec<f64> = cells.map(|cell| cell.map_or(f64::NAN, |exact| exact.value as f64)).collect();
        let step = |at: usize| (0..self.n_lines()).filter_map(|line| self.get(line, at)).map(|exact| exact.step as f64).fold(1.0, f64::max);
        let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let n_positions = self.n_positions();
        Rough { n_positions, steps: (0..n_positions).map(step).collect(), error: largest * LARGEST_ERROR, values }
    }

    /// The same numbers, nearly.
    pub fn rough(self) -> &'a Rough {
        match self.axis {
            Axis::Rows => &self.matrix.by_row,
            Axis::Columns => &self.matrix.by_column,
        }
    }

    /// The greatest number that goes into every number of each line: what its values really move by. `12.50000` over
    /// `3.00000` moves by halves, whatever is printed.
    fn grains(&self) -> Vec<i128> {
        let values = |line: usize| (0..self.n_positions()).filter_map(move |at| self.get(line, at)).map(|exact| exact.value);
        (0..self.n_lines()).map(|line| values(line).fold(0, gcd)).collect()
    }

    /// The grain of a line; 0 where it prints nothing but noughts.
    pub fn grain(&self, line: usize) -> i128 {
        let grains = match self.axis {
            Axis::Rows => &self.matrix.row_grains,
            Axis::Columns => &self.matrix.column_grains,
        };
        grains.get(line).copied().unwrap_or(0)
    }

    /// True when no number is below nought.
    pub fn is_positive(&self) -> bool {
        self.matrix.is_positive
    }

    /// A power of ten in units of the matrix's scale.
    pub fn power(&self, power: u8) -> Option<i128> {
        10_i128.checked_pow(u32::from(self.matrix.decimals) + u32::from(power))
    }

    /// Number of lines.
    pub fn n_lines(&self) -> usize {
        match self.axis {
            Axis::Rows => self.matrix.n_rows,
            Axis::Columns => self.matrix.n_columns,
        }
    }

    /// Number of positions on a line.
    pub fn n_positions(&self) -> usize {
        match self.axis {
            Axis::Rows => self.matrix.n_columns,
            Axis::Columns => self.matrix.n_rows,
        }
    }
}

/// The number whose multiples a table prints, 1 for most: census offices round to threes or fives to hide persons.
/// Nearly all numbers are its multiples, and not because they end in noughts; one that is none is a misprint.
fn find_base(rows: &[Vec<Option<Figure>>]) -> i128 {
    const LEAST: usize = 20;
    let whole: Vec<i128> = rows.iter().flatten().flatten().filter(|figure| figure.decimals == 0).map(|figure| figure.digits).collect();
    let n_of = |number: i128| whole.iter().filter(|&value| value % number == 0).count();
    let is_base = |base: &i128| whole.len() >= LEAST && n_of(*base) * 20 >= whole.len() * 19 && n_of(base * 2) * 4 < whole.len() * 3;
    [5, 3].into_iter().find(is_base).unwrap_or(1)
}

/// The greatest number that goes into both.
pub fn gcd(one: i128, other: i128) -> i128 {
    let (mut one, mut other) = (one.saturating_abs(), other.saturating_abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
