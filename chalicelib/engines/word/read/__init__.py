"""Reading: a PDF becomes the page model, pages in parallel, each within its budget."""
