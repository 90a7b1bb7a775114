//! Small PDFs made by hand.

/// A PDF of one page from its objects; a reader finds them without a table of places.
pub fn tiny(trailer: &str, content: &str, resources: &str, more: &str) -> Vec<u8> {
    let length = content.len();
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << {resources} >> >>\nendobj\n\
         4 0 obj\n<< /Length {length} >>\nstream\n{content}\nendstream\nendobj\n{more}\
         trailer\n<< /Root 1 0 R {trailer} >>\nstartxref\n0\n%%EOF\n"
    )
    .into_bytes()
}
