"""Pages as tests read them: parsed, in a real browser, and link by link."""
