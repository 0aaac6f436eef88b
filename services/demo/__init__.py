"""The living demo: three made-up communities with matters at every stage, played through the same commands as the screens."""
