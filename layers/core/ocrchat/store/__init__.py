"""Where state lives: the only package that names AWS operations. Each class takes its boto3 client."""
