"""Seleksi administrasi: typed data beside the files, and a decision with a reason."""
