"""The board Seleksi Mitra: what a proctor sees, live."""
