/// Who has an account, as a service that must find a person by address asks.
package protocol AccountDirectory: Sendable {
    /// The account with an email address; nil when there is none.
    func account(withEmail email: EmailAddress, in context: CallContext)
        async throws(ServiceCallError) -> AccountReference?
}

/// An account that was found: the reply of `POST /internal/accounts/find`.
package struct AccountReference: Sendable, Hashable, Codable {
    package let userId: String

    package init(userId: String) {
        self.userId = userId
    }
}

/// `POST /internal/accounts/find`: the address travels in the body, because addresses of requests are logged.
package struct AccountQuery: Sendable, Codable {
    package let email: String

    package init(email: String) {
        self.email = email
    }
}

/// The auth service over HTTP.
package struct HTTPAuthClient: AccountDirectory {
    private let caller: ServiceCaller

    package init(_ caller: ServiceCaller) {
        self.caller = caller
    }

    package func account(
        withEmail email: EmailAddress, in context: CallContext
    ) async throws(ServiceCallError) -> AccountReference? {
        do {
            return try await caller.call(
                "POST", "/internal/accounts/find", body: AccountQuery(email: email.text), in: context)
        } catch {
            guard error.problem?.status == 404 else { throw error }
            return nil
        }
    }
}
