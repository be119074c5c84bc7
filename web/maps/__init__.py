"""Addresses of map scripts and layers, and the tiles behind them."""
