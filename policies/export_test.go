package policies

// Break makes every judgement of the book fail, as a broken enforcer would.
func (b *Book) Break() { b.model = "no model" }
