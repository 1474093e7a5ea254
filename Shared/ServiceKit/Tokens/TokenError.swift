/// Why a token was refused: for logs and tests; clients only learn that it was.
package enum TokenError: Error, Sendable, Hashable {
    /// Not one of ours: wrong form, header, type, key or signature.
    case invalid
    /// Its claims are not those expected here: issuer, audience, role or a missing one.
    case wrongClaims
    /// Past its end.
    case expired
    /// Its start lies further ahead than clocks differ.
    case notYetValid
}
