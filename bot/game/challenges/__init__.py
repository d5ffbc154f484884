"""How the weekly challenge is played: its use cases."""
