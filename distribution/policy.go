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

// MaxApprovals is the largest number of people that a step may ask for.
const MaxApprovals = 5

// DefaultPolicy holds until people set another: one approval from 1 000 000 ₸,
// two from 10 000 000 ₸.
func DefaultPolicy() Policy {
	return Policy{Steps: []PolicyStep{{From: 1_000_000_00, Approvals: 1}, {From: 10_000_000_00, Approvals: 2}}}
}

// Valid reports that its steps ascend and ask for a possible number of people.
func (p Policy) Valid() bool {
	for i, s := range p.Steps {
		if s.From < 0 || s.Approvals < 0 || s.Approvals > MaxApprovals || i > 0 && s.From <= p.Steps[i-1].From {
			return false
		}
	}
	return p.LimitEach >= 0 && p.LimitDay >= 0
}

// MayDecide reports that the role approves and declines. It says nothing of whose.
func (p Policy) MayDecide(role Role) bool {
	return Allows(role, Approve) || p.Peers && role == Accountant
}

// Deciders is how many people may decide on one that somebody else made, when so
// many have each role. The maker is one of the accountants.
func (p Policy) Deciders(having map[Role]int) int {
	n := having[Manager]
	if p.Peers {
		n += max(0, having[Accountant]-1)
	}
	return n
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
