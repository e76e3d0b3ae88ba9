package web

// Text messages to staff carry short addresses that lead to the thing itself;
// whether they may see it is judged there.

func (w *web) shortCase(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.done(casePath(id))
}

func (w *web) shortDirective(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.done(directivePath(id))
}
