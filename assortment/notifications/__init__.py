"""Messages about trials and ideas."""
