"""The language model: one small protocol, and what makes a call safe, private and cheap."""
