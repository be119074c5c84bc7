"""What the project is made of: licences of all that it uses, and its bill of materials."""
