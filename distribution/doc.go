// Package distribution holds the rules of a distribution: a payment from the
// agent's balance at Plexy to a company's bank account in Kazakhstan.
//
// It is pure: no SQL, no HTTP, no clock. Text becomes values in the Parse
// functions, values change only through the event methods of Distribution, and
// the arrows those methods may follow are one literal, Arrows.
package distribution
