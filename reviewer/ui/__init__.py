"""The Gradio application: a thin shell over the same calls as the command line."""
