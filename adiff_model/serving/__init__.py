"""A model behind OpenAI's chat completions interface, and a page that shows what it says."""
