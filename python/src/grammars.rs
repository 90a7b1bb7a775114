//! Texts of grammar files → report families, once for many reports. A mistake is told with file, line and column.

use luoshu::dataset::{variables::Variables, with_built_in};
use luoshu::grammar::{BUILT_IN, Family, load};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

create_exception!(luoshu, GrammarError, PyValueError, "A grammar file has mistakes; the message tells each with its place.");

/// Report families: one's own before the built-in ones.
#[pyclass(frozen, module = "luoshu._luoshu")]
pub struct Grammars {
    /// In the order in which they are tried.
    pub families: Vec<Family>,
    /// Their texts.
    pub texts: Vec<String>,
    /// The names that their cells have in a dataset.
    pub variables: Variables,
}

#[pymethods]
impl Grammars {
    /// `texts` holds a name and a TOML text for each family of one's own.
    #[new]
    fn new(texts: Vec<(String, String)>) -> PyResult<Grammars> {
        let mut families = Vec::new();
        let mut mistakes = Vec::new();
        for (name, text) in &texts {
            let loaded = load::read(text);
            mistakes.extend(loaded.mistakes.iter().map(|mistake| told(name, text, mistake)));
            families.push(loaded.family);
        }
        if !mistakes.is_empty() {
            return Err(GrammarError::new_err(mistakes.join("\n")));
        }
        families.extend(BUILT_IN.iter().filter_map(|(_, text)| load::load(text).ok()));
        let texts = with_built_in(texts.into_iter().map(|(_, text)| text).collect());
        let variables = Variables::new(&families);
        Ok(Grammars { families, texts, variables })
    }

    /// Ids of the families, in the order in which they are tried.
    #[getter]
    fn families(&self) -> Vec<&str> {
        self.families.iter().map(|family| family.id.as_str()).collect()
    }
}

/// `my.toml:3:7: unknown key …`
fn told(name: &str, text: &str, mistake: &load::GrammarError) -> String {
    let before = text.get(..mistake.span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("{name}:{line}:{column}: {}", mistake.message)
}
