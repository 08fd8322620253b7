#if AWS
internal import AuraRuntime

/// Which actions each operation takes.
///
/// Source: AWS Service Authorization Reference, "Actions, resources, and condition keys" of Amazon S3, Amazon DynamoDB, Amazon SQS,
/// Amazon SNS, AWS
/// Lambda, AWS Secrets Manager and AWS Systems Manager.
extension AWSHandlers {
    static let permissionsOfObjects = HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
        let name = AWSResource(settings, request)
        let bucket = settings.string("bucket") ?? ""
        // A larger body is sent in parts, which are dropped where one of them fails.
        let storing = ["s3:PutObject", "s3:AbortMultipartUpload"]
        let ofObjects: [String: [String]] = [
            "info": ["s3:GetObject"], "get": ["s3:GetObject"], "put": storing + ["s3:GetObject"],
            "remove": ["s3:DeleteObject"], "copy": storing + ["s3:GetObject"], "beginUpload": ["s3:PutObject"],
            "uploadPart": ["s3:PutObject"], "completeUpload": ["s3:PutObject", "s3:GetObject"],
            "abortUpload": ["s3:AbortMultipartUpload"], "presignedURL": ["s3:GetObject", "s3:PutObject"],
        ]
        // Without the right to list what is missing is refused, and not said to be missing.
        let listing = ["s3:ListBucket"]
        let ofBuckets = ["list": listing, "info": listing, "get": listing, "copy": listing]
        return HandlerPermissions.actions(ofObjects, of: request.operations)
            .map { ServicePermission($0, on: name.bucket("\(bucket)/*")) }
            + HandlerPermissions.actions(ofBuckets, of: request.operations)
            .map { ServicePermission($0, on: name.bucket(bucket)) }
    }

    static let permissionsOfKeyValues = HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
        let table = AWSResource(settings, request).arn("table/\(settings.string("table") ?? "")", of: "dynamodb")
        let actions: [String: [String]] = [
            "get": ["dynamodb:GetItem"], "remove": ["dynamodb:DeleteItem"], "query": ["dynamodb:Query"],
            // A put whose answer was lost is looked for.
            "put": ["dynamodb:PutItem", "dynamodb:GetItem"],
            "transact": ["dynamodb:PutItem", "dynamodb:DeleteItem"],
        ]
        return HandlerPermissions.actions(actions, of: request.operations).map { ServicePermission($0, on: table) }
    }

    static let permissionsOfQueue = HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
        let name = AWSResource(settings, request)
        let actions: [String: [String]] = [
            "send": ["sqs:SendMessage"], "receive": ["sqs:ReceiveMessage"], "acknowledge": ["sqs:DeleteMessage"],
            "extend": ["sqs:ChangeMessageVisibility"],
        ]
        let queues = [settings.string("queue"), settings.string("deadLetters")].compactMap(\.self)
        return queues.enumerated()
            .flatMap { index, queue -> [ServicePermission] in
                // Nobody sends to the dead letters but SQS itself.
                let operations = index == 0 ? request.operations : request.operations.subtracting(["send"])
                let used = HandlerPermissions.actions(actions, of: operations)
                let isURL = queue.contains("/")
                let resource = name.arn(queue.split(separator: "/").last.map(String.init) ?? "", of: "sqs")
                return (used.isEmpty || isURL ? used : used.union(["sqs:GetQueueUrl"]))
                    .map { ServicePermission($0, on: resource) }
            }
    }

    /// Who the credentials belong to, which SNS's handler asks for, everybody may ask.
    static let permissionsOfTopics = HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
        let name = AWSResource(settings, request)
        let removing = ["sqs:GetQueueUrl", "sqs:ListQueueTags", "sqs:DeleteQueue"]
        let ofQueues: [String: [String]] = [
            "subscribe": ["sqs:CreateQueue", "sqs:TagQueue"], "unsubscribe": removing, "removeTopic": removing,
            "receive": ["sqs:GetQueueUrl", "sqs:ReceiveMessage"],
            "acknowledge": ["sqs:GetQueueUrl", "sqs:DeleteMessage"],
            "extend": ["sqs:GetQueueUrl", "sqs:ChangeMessageVisibility"],
        ]
        let ofTopics: [String: [String]] = [
            "createTopic": ["sns:CreateTopic"], "removeTopic": ["sns:ListSubscriptionsByTopic", "sns:DeleteTopic"],
            "subscriptions": ["sns:ListSubscriptionsByTopic"], "publish": ["sns:Publish"],
            "subscribe": ["sns:GetTopicAttributes", "sns:Subscribe"],
        ]
        // SNS has these for all of an account alone.
        let ofAccounts: [String: [String]] = [
            "subscribe": ["sns:ListSubscriptions", "sns:GetSubscriptionAttributes"],
            "unsubscribe": ["sns:ListSubscriptions", "sns:Unsubscribe"],
            "subscriptions": ["sns:GetSubscriptionAttributes"], "receive": ["sns:ListSubscriptions"],
        ]
        func permissions(_ actions: [String: [String]], on resources: [String]) -> [ServicePermission] {
            let used = HandlerPermissions.actions(actions, of: request.operations)
            return resources.flatMap { resource in used.map { ServicePermission($0, on: resource) } }
        }
        func names(_ setting: String, of service: String) -> [String] {
            (settings.list(setting) ?? ["*"]).map { name.arn($0, of: service) }
        }
        return permissions(ofQueues, on: names("subscriptions", of: "sqs"))
            + permissions(ofTopics, on: names("topics", of: "sns")) + permissions(ofAccounts, on: ["*"])
    }

    static let permissionsOfFunctions = HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
        let name = AWSResource(settings, request)
        let qualifier = settings.string("qualifier").map { ":\($0)" } ?? ""
        let actions = ["invoke": ["lambda:InvokeFunction"], "invokeAsync": ["lambda:InvokeFunction"]]
        return HandlerPermissions.actions(actions, of: request.operations)
            .flatMap { action in
                (settings.list("functions") ?? ["*"])
                    .map { ServicePermission(action, on: name.arn("function:\($0)\(qualifier)", of: "lambda")) }
            }
    }

    static let permissionsOfSecrets = HandlerPermissions { (settings: HandlerSettings, request: PermissionRequest) in
        let name = AWSResource(settings, request)
        return request.secrets.compactMap { reference -> ServicePermission? in
            let isARN = reference.name.hasPrefix("arn:")
            switch reference.service {
            case "secretsmanager":
                // Secrets Manager puts six characters of its own behind a name.
                let resource = name.arn("secret:\(reference.name)-??????", of: "secretsmanager")
                return ServicePermission("secretsmanager:GetSecretValue", on: isARN ? reference.name : resource)
            case "ssm":
                let path = reference.name.hasPrefix("/") ? reference.name : "/\(reference.name)"
                let resource = name.arn("parameter\(path)", of: "ssm")
                return ServicePermission("ssm:GetParameter", on: isARN ? reference.name : resource)
            default: return nil
            }
        }
    }
}
#endif
