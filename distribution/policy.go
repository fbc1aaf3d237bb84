package distribution

// Policy says how many other people must approve before sending, and how much
// may leave at most.
type Policy struct {
	Steps     []PolicyStep // ascending; empty: no approval is ever needed
	Peers     bool         // accountants may approve each other's
	LimitEach Amount       // of one distribution; 0: none
	LimitDay  Amount       // of all that are sent on one day in Almaty; 0: none

	FactorRoles []Role `json:",omitempty"` // who must have a second factor
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

// Within reports that one distribution may be as large as that.
func (p Policy) Within(a Amount) bool { return p.LimitEach == 0 || a <= p.LimitEach }

// WithinDay reports that the amount may still leave on a day on which so much
// has left, or may have left, already.
func (p Policy) WithinDay(sent, a Amount) bool { return p.LimitDay == 0 || a <= p.LimitDay-sent }
