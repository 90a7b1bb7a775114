//! Reports read so far in one run, for those on the year before or after: what two years say of each other is put on
//! whichever of them is read second.

use luoshu::label;
use luoshu::report::Report;
use luoshu::years::YearCells;
use std::collections::HashMap;

/// Family, publisher and year of a report.
type Name = (String, String, i32);

/// Reports read so far.
#[derive(Default)]
pub struct Neighbours {
    read: HashMap<Name, YearCells>,
}

impl Neighbours {
    /// Hold a report against its neighbours in time, and keep what the next ones need of it.
    pub fn meet(&mut self, report: &mut Report) {
        let (Some(family), Some(cells)) = (report.family, report.year_cells()) else { return };
        let name = |year: i32| (family.id.clone(), label::key(&cells.publisher), year);
        for year in [cells.year.saturating_sub(1), cells.year.saturating_add(1)] {
            if let Some(other) = self.read.get(&name(year)) {
                report.meet(other);
            }
        }
        self.read.insert(name(cells.year), cells);
    }
}
