// Sends a bad message to a queue, invokes a function asynchronously with a bad event, and waits for
// both in their dead-letter queues. Prints what the SDK answered.
//
// GIVEN: {sourceUrl, sourceDlqUrl, functionName, functionDlqUrl, body}

import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";

const given = JSON.parse(process.env.GIVEN);
const sqs = new SQSClient();
const lambda = new LambdaClient();

async function received(url) {
  const wanted = { MessageSystemAttributeNames: ["All"], MessageAttributeNames: ["All"] };
  for (;;) {
    const asked = { QueueUrl: url, WaitTimeSeconds: 20, ...wanted };
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(asked));
    if (message === undefined) continue;
    const { ReceiptHandle } = message;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    return message;
  }
}

async function failed(command) {
  try {
    await lambda.send(command);
  } catch (error) {
    return { name: error.name, attempts: error.$metadata.attempts };
  }
}

const MessageAttributes = { kind: { DataType: "String", StringValue: "order" } };
const message = { QueueUrl: given.sourceUrl, MessageBody: given.body, MessageAttributes };
const sent = await sqs.send(new SendMessageCommand(message));
const moved = await received(given.sourceDlqUrl);

const event = { FunctionName: given.functionName, InvocationType: "Event", Payload: given.body };
const accepted = await lambda.send(new InvokeCommand(event));
const givenUp = await received(given.functionDlqUrl);

const missing = await failed(new InvokeCommand({ FunctionName: "nobody" }));

console.log(
  JSON.stringify({
    sent: sent.MessageId,
    moved,
    accepted: accepted.StatusCode,
    givenUp,
    missing,
  }),
);
