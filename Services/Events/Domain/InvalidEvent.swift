import Contracts

/// An event that breaks rules, with every field at fault.
struct InvalidEvent: Error, Sendable {
    let errors: [FieldError]
}
