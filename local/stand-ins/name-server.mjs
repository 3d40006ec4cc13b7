// In the place of public.ecr.aws/ecs-sample-image/name-server: answers with a name.
import { serve } from "./server.mjs";

const NAMES = ["Ada", "Barbara", "Edsger", "Frances", "Grace", "Katherine", "Leslie", "Radia"];

serve(() => NAMES[Math.floor(Math.random() * NAMES.length)]);
