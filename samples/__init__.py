"""Brackenford, an invented borough: its settings, its agencies, a meeting and eight referrals. Nobody here exists."""
