"""The studio's own generation loop: a small fast forward pass, and a decoder that works over any forward pass."""
