package distribution

// AsksAtMost is the largest number of approvals that the policy asks for.
func (p Policy) AsksAtMost() int {
	most := 0
	for _, s := range p.Steps {
		most = max(most, s.Approvals)
	}
	return most
}

// Shortage says that a change leaves too few people to approve.
type Shortage struct {
	Asked int // approvals, at most
	Was   int // people who may approve one that somebody else made
	Left  int // the same, after the change
}

// ShortOf compares how many people have each role before and after one of them
// gets another role, or another account state. It is nil unless the change takes
// away somebody whom the policy needs, or leaves exactly one who may approve.
func (p Policy) ShortOf(was, becomes map[Role]int) *Shortage {
	s := Shortage{Asked: p.AsksAtMost(), Was: p.Deciders(was), Left: p.Deciders(becomes)}
	switch {
	case s.Asked == 0, s.Left == s.Was:
		return nil
	case s.Left == 1, s.Left < s.Asked && s.Left < s.Was:
		return &s
	}
	return nil
}
