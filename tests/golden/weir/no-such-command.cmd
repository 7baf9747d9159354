weir zzzzzzzzzz
