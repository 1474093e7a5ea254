/// What is wrong with one field of a request.
package struct FieldError: Sendable, Hashable, Codable {
    /// The field's path in the request, such as `ticketTypes[0].price`.
    package let field: String
    /// What to change, as a sentence without a capital.
    package let message: String

    package init(_ field: String, _ message: String) {
        self.field = field
        self.message = message
    }
}
