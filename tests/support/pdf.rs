//! Small PDFs made by hand.

/// A PDF of one page from its objects; `more` holds further ones, numbered from 5 on.
pub fn tiny(trailer: &str, content: &str, resources: &str, more: &str) -> Vec<u8> {
    let length = content.len();
    let mut file = format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>\nendobj\n\
         4 0 obj\n<< /Length {length} >>\nstream\n{content}\nendstream\nendobj\n{more}"
    );
    let places: Vec<usize> = (1..).map_while(|number| file.find(&format!("{number} 0 obj\n"))).collect();
    let table: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let (start, size) = (file.len(), places.len() + 1);
    file.push_str(&format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Root 1 0 R /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}
