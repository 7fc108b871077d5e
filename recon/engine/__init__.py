"""Engines that run rule SQL over staged tables."""
