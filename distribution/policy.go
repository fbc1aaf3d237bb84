package distribution

// Policy says how many other people must approve before sending.
type Policy struct {
	Steps []PolicyStep // ascending; empty: no approval is ever needed
	Peers bool         // accountants may approve each other's
}

// PolicyStep asks for a number of approvals from an amount on.
type PolicyStep struct {
	From      Amount
	Approvals int
}

// Approvals is the number of people, besides the maker, who must approve.
func (p Policy) Approvals(a Amount) int {
	need := 0
	for _, s := range p.Steps {
		if a >= s.From {
			need = s.Approvals
		}
	}
	return need
}
