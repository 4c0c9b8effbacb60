"""Every change: permission, change, audit entry, in one transaction."""
