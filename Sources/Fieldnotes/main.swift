print("fieldnotes")
