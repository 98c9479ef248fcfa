"""Tell the staff and dealers of new notices."""
