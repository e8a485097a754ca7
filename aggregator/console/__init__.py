"""The operators' desk: pages under ``/desk`` on which people see what runs, and act."""
