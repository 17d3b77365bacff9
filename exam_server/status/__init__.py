"""Status Pendaftaran: what happened, what is next, until when."""
