import Checker
import Contracts
import HTTPKit
import Testing

/// Expects a refusal as every client may rely on it: the status, a problem document that says the same, a stable code.
func expectProblem(
    _ reply: APIReply, _ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(reply.status == status, "\(reply.text)", sourceLocation: sourceLocation)
    let mediaType = reply.headers.first("content-type")?.split(separator: ";").first.map(String.init)
    #expect(mediaType == ProblemDocument.mediaType, sourceLocation: sourceLocation)
    let problem = reply.problem
    #expect(problem?.status == status, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(problem?.code == code, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(problem?.title.isEmpty == false, sourceLocation: sourceLocation)
}
