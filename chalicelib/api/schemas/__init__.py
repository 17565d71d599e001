"""Bodies, queries and answers of the routes, as the contract names them."""
