"""Load the demonstration tenant and offer its one-click sign-ins."""
