"""Made-up data folders: small, second, hostile, and the sources of one."""
