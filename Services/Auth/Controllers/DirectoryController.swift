import Contracts
import Hummingbird
import ServiceKit

/// `/internal/accounts`: what other services ask about accounts.
struct DirectoryController: Sendable {
    let users: UserStore

    func addRoutes(to group: RouterGroup<ServiceContext>) {
        group.post("accounts/find", use: find)
    }

    @Sendable private func find(_ request: Request, _ context: ServiceContext) async throws -> Reply<AccountReference> {
        let query = try await request.decode(as: AccountQuery.self, context: context)
        guard let email = EmailAddress(query.email), let id = try await users.id(email: email) else {
            throw Problem.notFound("account")
        }
        return Reply(AccountReference(userId: id))
    }
}
