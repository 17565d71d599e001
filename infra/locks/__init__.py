"""What is installed on AWS, to the byte: a list with hashes for each environment there, made by `make locks`."""
