"""What the results of an exam say about its items, papers and sittings, when every paper is another draw."""
