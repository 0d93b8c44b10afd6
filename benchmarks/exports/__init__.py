"""What the downloads hold, weigh and cost: the text of PDFs, sizes, CPU and memory."""
