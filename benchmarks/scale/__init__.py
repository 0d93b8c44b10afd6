"""What load the stack bears on AWS, and which limit ends it: arithmetic, and a simulation of lines and quotas."""
